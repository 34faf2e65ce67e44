/**
 * The page's icons: 24 units, strokes of 2 with round ends, drawn in the colour of the text.
 * They never speak: the word beside them, or the control's label, does.
 */
const SHAPES = {
  adult: [
    'M2.5 8l2.5-2V18',
    'M11.5 6.5a2.8 2.8 0 1 0 .01 0M11.5 12a3 3 0 1 0 .01 0',
    'M19 9.8v5M16.5 12.3h5',
  ],
  alert: ['M12 4.5 21 19.5H3Z', 'M12 10.5v4M12 17.2v.1'],
  arrow: ['M4.5 12h15M13.5 6l6 6-6 6'],
  back: ['M19.5 12h-15M10.5 6l-6 6 6 6'],
  block: ['M12 3.5a8.5 8.5 0 1 0 .01 0', 'M6.2 6.2l11.6 11.6'],
  camera: [
    'M5 6.5h8a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Z',
    'M15 11l6-3.5v9L15 13',
  ],
  cameraOff: [
    'M9 6.5h4a2 2 0 0 1 2 2V11l6-3.5v9l-1.5-.9',
    'M15 15.5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7c0-.9.5-1.6 1.3-1.9',
    'M4 3l16.5 18',
  ],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  clock: ['M12 3.5a8.5 8.5 0 1 0 .01 0', 'M12 7.5V12l3 2'],
  cover: [
    'M10 6.2A9.6 9.6 0 0 1 12 6c5.5 0 9 6 9 6a16 16 0 0 1-2.4 3',
    'M6 8.2A15.6 15.6 0 0 0 3 12s3.5 6 9 6a9 9 0 0 0 3.8-.8',
    'M10.2 10a2.9 2.9 0 0 0 3.8 4.2',
    'M4 3l16.5 18',
  ],
  cross: ['M6 6l12 12M18 6L6 18'],
  dressed: ['M8.5 4 4 6.5 5.5 11 8 10v10h8V10l2.5 1L20 6.5 15.5 4a3.5 3.5 0 0 1-7 0Z'],
  flag: ['M5.5 21V4', 'M5.5 5c4-2.5 8 2.5 13 0v9c-5 2.5-9-2.5-13 0'],
  globe: ['M12 3.5a8.5 8.5 0 1 0 .01 0', 'M3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17'],
  info: ['M12 3.5a8.5 8.5 0 1 0 .01 0', 'M12 11v5M12 7.7v.1'],
  leave: ['M14 4H7a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h7', 'M10.5 12H20M16.5 8.5 20 12l-3.5 3.5'],
  microphone: [
    'M12 3.5a3 3 0 0 1 3 3V11a3 3 0 0 1-6 0V6.5a3 3 0 0 1 3-3Z',
    'M5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21',
  ],
  microphoneOff: [
    'M9 5.5a3 3 0 0 1 6 1V10.5M9 9v2a3 3 0 0 0 4.2 2.7',
    'M5.5 11a6.5 6.5 0 0 0 10.4 5.2M18.5 11c0 .8-.2 1.5-.4 2.2M12 17.5V21',
    'M4 3l16.5 18',
  ],
  pause: ['M8.5 6v12M15.5 6v12'],
  play: ['M8 5.5v13l10.5-6.5Z'],
  peace: ['M12 20S3.5 15 3.5 9.3A4.6 4.6 0 0 1 12 6.9a4.6 4.6 0 0 1 8.5 2.4C20.5 15 12 20 12 20Z'],
  people: [
    'M9 5a3.5 3.5 0 1 0 .01 0',
    'M2.5 19.5a6.5 6.5 0 0 1 13 0',
    'M16 5.3a3.5 3.5 0 0 1 0 6.4M18.3 14.5a6.5 6.5 0 0 1 3.2 5',
  ],
  plus: ['M12 5v14M5 12h14'],
  recording: ['M12 4a8 8 0 1 0 .01 0', 'M12 9.5a2.5 2.5 0 1 0 .01 0', 'M6.5 6.5l11 11'],
  retry: ['M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9', 'M19.5 4v5h-5'],
  send: ['M12 19.5v-15M5.5 11 12 4.5 18.5 11'],
  settings: [
    'M4 7h9M17.5 7H20M4 17h2.5M11 17h9',
    'M15.2 4.7a2.3 2.3 0 1 0 .01 0',
    'M8.7 14.7a2.3 2.3 0 1 0 .01 0',
  ],
  shield: ['M12 3.5 19 6v5.5c0 4.3-2.8 7.2-7 9-4.2-1.8-7-4.7-7-9V6Z', 'M9 11.8l2.2 2.2L15.2 10'],
  show: ['M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6Z', 'M12 9a3 3 0 1 0 .01 0'],
  tabs: [
    'M8 8h11a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 20H8a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 8 8Z',
    'M3.5 15V5.5A1.5 1.5 0 0 1 5 4h11',
  ],
  unplugged: [
    'M3.5 10.5a12.5 12.5 0 0 1 3.7-2.5M12.5 7a12.5 12.5 0 0 1 8 3.5',
    'M7.5 14.3a6.5 6.5 0 0 1 3.3-1.8',
    'M12 18v.1',
    'M4 3l16.5 18',
  ],
} as const satisfies Record<string, readonly string[]>;

export type IconName = keyof typeof SHAPES;

/** Arrows point the way of the text. */
const MIRRORED: ReadonlySet<IconName> = new Set<IconName>(['arrow', 'back', 'leave']);

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return <Drawing shapes={SHAPES[name]} size={size} mirrored={MIRRORED.has(name)} />;
}

/** An icon that is not in the list above, since the first screen would carry it for nothing. */
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
