const BARS = [0, 1, 2, 3, 4, 5, 6] as const;

/** Bars as high as `--level` says, which whoever measures sets on it. */
export function LevelMeter({ meter }: { meter: { current: HTMLSpanElement | null } }) {
  return (
    <span class="meter" ref={meter} aria-hidden="true">
      {BARS.map((bar) => (
        <i key={bar} />
      ))}
    </span>
  );
}
