import { Drawing } from '@farandole/ui/drawing';

const SHAPES = {
  barsOne: ['M5 19.5V15', 'M12 19.5v-.1', 'M19 19.5v-.1'],
  barsThree: ['M5 19.5V15', 'M12 19.5V10', 'M19 19.5V5'],
  barsTwo: ['M5 19.5V15', 'M12 19.5V10', 'M19 19.5v-.1'],
  cards: [
    'M9.5 6.5 17 4.4a1.6 1.6 0 0 1 2 1.1l2.6 9.3a1.6 1.6 0 0 1-1.1 2l-6 1.7',
    'M4.5 7h7a1.6 1.6 0 0 1 1.6 1.6v9.8a1.6 1.6 0 0 1-1.6 1.6h-7a1.6 1.6 0 0 1-1.6-1.6V8.6A1.6 1.6 0 0 1 4.5 7Z',
  ],
  corner: [
    'M5 4.5h14a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2Z',
    'M14.5 13h3.5v3.5h-3.5Z',
  ],
  fullScreen: ['M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5'],
  keyboard: [
    'M4.5 6.5h15a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Z',
    'M6.5 10.5v.1M10.2 10.5v.1M13.8 10.5v.1M17.5 10.5v.1M8.5 14h7',
  ],
  chat: ['M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2Z'],
  more: ['M5.5 12v.1M12 12v.1M18.5 12v.1'],
  move: ['M12 3.5v17M3.5 12h17', 'M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3'],
  smallWindow: [
    'M10 19.5H5a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v4',
    'M14 14.5h7v5h-7Z',
  ],
  switchCamera: [
    'M4.5 11a7.5 7.5 0 0 1 13.4-4.2L19.5 9M19.5 4.5V9H15',
    'M19.5 13a7.5 7.5 0 0 1-13.4 4.2L4.5 15M4.5 19.5V15H9',
  ],
  wave: [
    'M8 13V6a1.6 1.6 0 0 1 3.2 0v5V4.6a1.6 1.6 0 0 1 3.2 0V11V6.5a1.6 1.6 0 0 1 3.2 0V14a7 7 0 0 1-7 7c-3.4 0-5-2-7.4-6.2a1.6 1.6 0 0 1 2.7-1.6L8 15',
    'M20 3c1 1 1.6 2 1.8 3.2M2.2 8C2.4 6.5 3 5.3 4 4.3',
  ],
  text: ['M5 6.5h14M12 6.5v12M9.5 18.5h5'],
} as const satisfies Record<string, readonly string[]>;

export function CallIcon({ name, size = 24 }: { name: keyof typeof SHAPES; size?: number }) {
  return <Drawing shapes={SHAPES[name]} size={size} />;
}
