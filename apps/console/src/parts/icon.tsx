import { Drawing } from '@farandole/ui/drawing';

const SHAPES = {
  queue: ['M4 6h16', 'M4 12h16', 'M4 18h9'],
  approvals: ['M3 12.5l4 4 8-9', 'M12 15.5l1.5 1.5 7.5-9'],
  appeals: ['M9 14l-5-5 5-5', 'M4 9h10a6 6 0 0 1 6 6v5'],
  numbers: ['M5 20v-7', 'M12 20V5', 'M19 20v-11'],
  audit: ['M9 15l6-6', 'M11 6l1.5-1.5a4 4 0 0 1 6 6L17 12', 'M13 18l-1.5 1.5a4 4 0 0 1-6-6L7 12'],
  rules: [
    'M12 6.5C10 5 7 4.5 4 5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5V5c-3-.5-6 0-8 1.5z',
    'M12 6.5V19',
  ],
  keys: ['M4 7h16v10H4z', 'M8 11h.01', 'M12 11h.01', 'M16 11h.01', 'M9 14h6'],
  communities: [
    'M12 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
    'M5.5 20a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
    'M18.5 20a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
    'M10.8 8.700l-4 6.500',
    'M13.200 8.700l4 6.500',
    'M8 17.500h8',
  ],
  bell: ['M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15z', 'M10 20.5h4'],
  server: ['M4 5h16v6H4z', 'M4 13h16v6H4z', 'M8 8h.01', 'M8 16h.01'],
  pin: ['M12 20V14', 'M8 4h8l-1 6 3 3v1H6v-1l3-3z'],
  clock: ['M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 8v4l3 2'],
  check: ['M5 12.5l4.5 4.5L19 7'],
  question: ['M12 17h.01', 'M9.5 9a2.5 2.5 0 1 1 3.5 2.300c-.7.4-1 .9-1 1.700'],
  cross: ['M6 6l12 12', 'M18 6L6 18'],
  shield: ['M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6z'],
  back: ['M15 5l-7 7 7 7'],
  next: ['M9 5l7 7-7 7'],
  stack: ['M12 4l9 4.500-9 4.500-9-4.500z', 'M4 12.500l8 4 8-4', 'M4 16l8 4 8-4'],
  two: [
    'M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
    'M3 19c.5-3.5 3-5 6-5s5.5 1.5 6 5',
    'M16 5.5a3 3 0 0 1 0 5.5',
    'M18 14.5c1.700.7 2.700 2.200 3 4.5',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type IconName = keyof typeof SHAPES;

/**
 * The icon is hidden from screen readers because they read the text next to it or the control's
 * label.
 */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <Drawing shapes={SHAPES[name]} size={size} mirrored={name === 'back' || name === 'next'} />
  );
}
