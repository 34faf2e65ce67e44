/** Null leaves the key to the browser. */
export type KeyAction =
  | 'escape'
  | 'message'
  | 'microphone'
  | 'camera'
  | 'cover'
  | 'report'
  | 'full-screen'
  | 'small-window'
  | 'text-only'
  | 'wave'
  | 'shortcuts';

export interface KeyPress {
  readonly key: string;
  readonly withModifier: boolean;
  readonly repeated: boolean;
  readonly composing: boolean;
  /** An open dialog or popover closes first, by the browser. */
  readonly overlayOpen: boolean;
  /** The user may turn single letters off. */
  readonly letterKeys: boolean;
  /** `text`: letters are input. `control`: Enter activates it. */
  readonly focus: 'text' | 'control' | 'elsewhere';
}

/** Letter shortcuts, in the order shown to users. */
export const LETTERS = {
  m: 'microphone',
  v: 'camera',
  b: 'cover',
  r: 'report',
  t: 'text-only',
  w: 'wave',
  p: 'small-window',
  f: 'full-screen',
  '?': 'shortcuts',
} as const satisfies Record<string, KeyAction>;

const BY_LETTER = new Map<string, KeyAction>(Object.entries(LETTERS));

/** https://www.w3.org/TR/uievents/#determine-keydown-keyup-keyCode */
const INPUT_METHOD_KEY = 229;

/**
 * Esc always leaves. Single letters work outside text fields and can be turned off (WCAG 2.1.4).
 * Enter focuses the message box unless it would activate a control.
 */
export function keyAction(press: KeyPress): KeyAction | null {
  if (press.composing || press.withModifier || press.repeated || press.overlayOpen) return null;
  if (press.key === 'Escape') return 'escape';
  if (press.focus === 'text') return null;
  if (press.key === 'Enter') return press.focus === 'elsewhere' ? 'message' : null;
  return press.letterKeys ? (BY_LETTER.get(press.key.toLowerCase()) ?? null) : null;
}

/**
 * Whether an input method handles this key. For the key that confirms a word, Safari sets only the
 * legacy key code. Without this check Enter would send half a sentence.
 */
export function isComposing({
  isComposing: composing,
  keyCode,
}: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return composing || keyCode === INPUT_METHOD_KEY;
}
