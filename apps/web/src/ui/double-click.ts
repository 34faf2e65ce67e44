/**
 * Whether a click is the second one of a double click. A button that appears under the pointer
 * ignores it, because the user meant the button that was there before. Keys report no count.
 */
export function isSecondClick({ detail }: Pick<UIEvent, 'detail'>): boolean {
  return detail > 1;
}
