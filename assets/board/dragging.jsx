import { AutoScroller, DragDropManager, Draggable, PointerActivationConstraints, PointerSensor } from "@dnd-kit/dom";
import { useEffect, useRef } from "react";

const LONG_PRESS = { value: 250, tolerance: 8 };
const SCROLL_NEAR_EDGE = { x: 0.08, y: 0.12 };

/* A finger on a shift may want to scroll; one on an edge cannot. */
function whenToStart(event) {
  const { Delay, Distance } = PointerActivationConstraints;
  const mayScroll = event.pointerType === "touch" && !event.target.closest("[data-drag=resize]");
  return [mayScroll ? new Delay(LONG_PRESS) : new Distance({ value: 5 })];
}

const isCopying = (event) => Boolean(event?.ctrlKey || event?.altKey || event?.metaKey);

/*
 * Drags by pointer events, begun on whatever in the grid has `data-drag`. To the library the grid is the one thing that
 * can be dragged, so rows may come, go and be drawn anew meanwhile. onStart(element, x) may return false; onMove gets
 * {x, y, copy}, also when the board scrolls below a still pointer or a key changes; onEnd gets {x, y, copy, isCancelled}.
 */
export function useDragging({ grid, scroller, isOn, onStart, onMove, onEnd }) {
  const latest = useRef({});
  const stop = useRef(() => {});
  useEffect(() => {
    latest.current = { onStart, onMove, onEnd };
  });
  useEffect(() => {
    if (!isOn) return undefined;
    const at = { x: 0, y: 0, copy: false };
    let origin = null;
    const manager = new DragDropManager({
      plugins: [AutoScroller.configure({ threshold: SCROLL_NEAR_EDGE })],
      sensors: [
        PointerSensor.configure({
          activationConstraints: whenToStart,
          preventActivation: (event) => {
            origin = event.target.closest("[data-drag]");
            Object.assign(at, { x: event.clientX, y: event.clientY, copy: isCopying(event) });
            return !origin;
          },
        }),
      ],
    });
    const draggable = new Draggable({ id: "board", element: grid.current }, manager);
    const tell = () => latest.current.onMove({ ...at });
    const onKey = (event) => {
      if (at.copy === isCopying(event)) return;
      at.copy = isCopying(event);
      tell();
    };
    const box = scroller.current;
    // Not by the library's plugins: each adds a style to the document, which then is styled anew as a whole.
    const refuse = (event) => event.preventDefault();
    const listen = (method) => {
      document[method]("keydown", onKey);
      document[method]("keyup", onKey);
      document[method]("selectstart", refuse);
      box[method]("scroll", tell);
    };
    const point = (cursor) => {
      // The library has the pointer captured by the body.
      document.body.style.cursor = cursor;
    };
    const { monitor } = manager;
    monitor.addEventListener("beforedragstart", (event) => {
      if (latest.current.onStart(origin, at.x) === false) {
        event.preventDefault();
        return;
      }
      listen("addEventListener");
      point(origin.dataset.drag === "resize" ? "ew-resize" : "grabbing");
    });
    monitor.addEventListener("dragmove", ({ to, nativeEvent }) => {
      Object.assign(at, to, { copy: isCopying(nativeEvent) });
      tell();
    });
    monitor.addEventListener("dragend", ({ canceled, nativeEvent }) => {
      listen("removeEventListener");
      point("");
      latest.current.onEnd({ ...at, copy: nativeEvent ? isCopying(nativeEvent) : at.copy, isCancelled: canceled });
    });
    stop.current = () => manager.actions.stop({ canceled: true });
    return () => {
      listen("removeEventListener");
      point("");
      draggable.destroy();
      manager.destroy();
    };
  }, [grid, scroller, isOn]);
  return stop;
}
