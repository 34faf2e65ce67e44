/**
 * Runs in the page: focuses the text field and checks what stays visible above the on-screen
 * keyboard.
 * @returns one line per fault; null without a text field
 */
export function keyboardFaults(): string[] | null {
  /** Minimum size of the stranger's picture, as a share of the visible area. */
  const PICTURE_MIN = 0.35;
  /** Minimum height of the log: one line of text, in CSS pixels. */
  const LOG_MIN = 24;
  const BOXES = 'textarea, input[type="text"], input:not([type])';
  const within = document.querySelector('dialog:modal') ?? document.body;
  const box = [...within.querySelectorAll<HTMLElement>(BOXES)].find((one) =>
    one.checkVisibility({ visibilityProperty: true }),
  );
  box?.focus();
  if (box === undefined || document.activeElement !== box) return null;
  const faults: string[] = [];
  const talk = box.closest('.talk.call');
  // The fixed bar hides the rest.
  const foot = talk?.querySelector('.bar')?.getBoundingClientRect().top ?? innerHeight;
  const seenOf = (element: Element, end = foot): number => {
    const { top, bottom } = element.getBoundingClientRect();
    return Math.min(bottom, end) - Math.max(top, 0);
  };
  const least = Math.min(box.offsetHeight - 1, innerHeight / 3);
  if (seenOf(box) < least) faults.push(`keyboard: ${seenOf(box)} of the box`);
  if (talk === null) return faults;
  for (const out of talk.querySelectorAll<HTMLElement>('.bar .btn, .report')) {
    if (out.matches('.report') && talk.querySelector('.banner, .video-offer') !== null) continue;
    if (out.checkVisibility() && seenOf(out, innerHeight) < out.offsetHeight - 1) {
      faults.push(`keyboard: out of sight: ${out.className}`);
    }
  }
  // A question or an error may take the room.
  if (talk.querySelector('.banner, .caution, .bad, .asks, .video-offer') !== null) return faults;
  const picture = talk.querySelector('.tile.them:not(.slim)');
  if (picture !== null && seenOf(picture) < PICTURE_MIN * innerHeight) {
    faults.push(`keyboard: ${Math.round(seenOf(picture))} of the picture in ${innerHeight}`);
  }
  const log = talk.querySelector('.log');
  if (log !== null && seenOf(log) < LOG_MIN) faults.push(`keyboard: ${seenOf(log)} of the log`);
  return faults;
}
