import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useLayoutEffect, useRef, useState } from "react";
import { PersonRow } from "./row.jsx";

const DRAW_ALL_UP_TO = 60;

/* Scrolling redraws this component alone, and of its rows only those that come into the window. */
export const People = memo(function People({
  rows,
  days,
  heights,
  scroller,
  activeIndex,
  activeCol,
  activeChip,
  canOpen,
  canDrag,
  isStop,
  isDim,
  liftedChip,
  targetDay,
  targetShift,
  noTarget,
  verdicts,
  saving,
}) {
  const body = useRef(null);
  const isVirtual = rows.length > DRAW_ALL_UP_TO;
  const items = useVisibleRows({ isVirtual, rows, heights, scroller, body, activeIndex });
  return (
    <div
      role="rowgroup"
      ref={body}
      className="board-body"
      data-virtual={isVirtual}
      style={isVirtual ? { height: items.total } : undefined}
    >
      {items.list.map(({ index, top, height }) => {
        const row = rows[index];
        const isActive = activeIndex === index;
        return (
          <PersonRow
            key={row.id}
            row={row}
            days={days}
            ariaRow={index + 3}
            top={top}
            height={height}
            activeCol={isActive ? activeCol : -1}
            activeChip={isActive ? activeChip : -1}
            canOpen={canOpen}
            canDrag={canDrag}
            isStop={isStop}
            isDim={isDim}
            liftedChip={liftedChip}
            targetDay={targetDay}
            targetShift={targetShift}
            noTarget={noTarget}
            verdict={verdicts?.[row.id]}
            isJudged={verdicts !== undefined}
            saving={saving.get(row.id)}
          />
        );
      })}
    </div>
  );
});

/* All rows of a small board; of a large one those near the window, and always the one that holds the focus. */
export function useVisibleRows({ isVirtual, rows, heights, scroller, body, activeIndex }) {
  const [margin, setMargin] = useState(0);
  /* Asked for at any other time it would have the page laid out once more. */
  useEffect(() => {
    /* It may be told once more after the board has gone from the page. */
    const observer = new ResizeObserver(() => body.current && setMargin(body.current.offsetTop));
    for (const row of body.current.parentElement.children) if (row !== body.current) observer.observe(row);
    return () => observer.disconnect();
  }, [body]);
  const virtualizer = useVirtualizer({
    enabled: isVirtual,
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heights[index],
    getItemKey: (index) => rows[index].id,
    overscan: 8,
    scrollMargin: margin,
    rangeExtractor: (range) => {
      const near = defaultRangeExtractor(range);
      if (activeIndex < 0 || activeIndex >= rows.length || near.includes(activeIndex)) return near;
      return [...near, activeIndex].sort((a, b) => a - b);
    },
  });
  useLayoutEffect(() => {
    virtualizer.measure();
  }, [virtualizer, heights]);
  if (!isVirtual) return { total: 0, list: rows.map((_, index) => ({ index })) };
  return {
    total: virtualizer.getTotalSize(),
    list: virtualizer
      .getVirtualItems()
      .filter((item) => item.index < rows.length)
      .map((item) => ({ index: item.index, top: item.start - margin, height: item.size })),
  };
}
