/**
 * Draws an icon with round strokes that are 2 units wide in a square of 24 units, in the text
 * colour.
 */
export function Drawing({
  shapes,
  size = 24,
  mirrored = false,
}: {
  shapes: readonly string[];
  size?: number;
  mirrored?: boolean;
}) {
  return (
    <svg
      class={mirrored ? 'icon mirrored' : 'icon'}
      viewBox="0 0 24 24"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {shapes.map((shape) => (
        <path key={shape} d={shape} />
      ))}
    </svg>
  );
}
