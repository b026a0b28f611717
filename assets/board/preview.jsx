import { forwardRef, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { Icon } from "../icon.jsx";
import { VERDICT } from "./text.jsx";

const BESIDE = 16;

/*
 * What a drop would do, beside the pointer. Following the pointer changes a style and no state; only another cell, or
 * the copy key, draws it anew, and nothing else with it.
 */
export const Preview = forwardRef(function Preview({ describe }, ref) {
  const box = useRef(null);
  const point = useRef({ x: 0, y: 0 });
  const [at, setAt] = useState(null);

  const settle = () => {
    if (!box.current) return;
    const { offsetWidth: width, offsetHeight: height } = box.current;
    const { x, y } = point.current;
    const left = x + BESIDE + width > window.innerWidth ? x - BESIDE - width : x + BESIDE;
    const top = Math.max(0, Math.min(y + BESIDE, window.innerHeight - height - BESIDE));
    box.current.style.transform = `translate(${Math.max(0, left)}px, ${top}px)`;
  };
  useLayoutEffect(settle);
  useImperativeHandle(ref, () => ({
    follow: (x, y, next) => {
      point.current = { x, y };
      setAt((old) => (old?.id === next.id ? old : next));
      settle();
    },
    hide: () => setAt(null),
  }));

  const said = at && describe(at);
  if (!said) return null;
  const { icon, text } = VERDICT[said.level];
  return (
    <div className="drop-preview" ref={box} data-level={said.level} aria-hidden="true">
      <p className="drop-title">
        <span>{said.title}</span>
        {said.badge && <span className="drop-badge">{said.badge}</span>}
      </p>
      <p className="drop-verdict">
        <Icon name={icon} className={said.level === "wait" ? "spin" : undefined} />
        <span>{said.text || text}</span>
      </p>
      {said.effects?.length > 0 && (
        <dl className="drop-effects">
          {said.effects.map((each, position) => (
            <div key={position} data-bad={each.isBad || undefined}>
              <dt>{each.name}</dt>
              <dd>{each.text}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
});
