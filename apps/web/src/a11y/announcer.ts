/** What a screen reader is told, and how soon. */
export interface Announcement {
  /** `now` interrupts; `polite` waits for a pause. */
  readonly urgency: 'polite' | 'now';
  readonly text: string;
  /** A newer announcement on the same subject makes one that still waits stale. */
  readonly subject: string;
}

/** Between two, so that a reader does not swallow the first. */
export const ANNOUNCEMENT_SPACING_MS = 400;
/** More than this would be read long after it was true. */
export const ANNOUNCEMENTS_WAITING_MAX = 4;

export interface AnnouncerPorts {
  /** Puts the text into the live region of that urgency, anew even if it is the same. */
  say(urgency: Announcement['urgency'], text: string): void;
  setTimer(callback: () => void, delayMs: number): void;
}

/**
 * Speaks one announcement at a time, at least `ANNOUNCEMENT_SPACING_MS` apart. One that waits is
 * dropped when a newer one has its subject, or when more than `ANNOUNCEMENTS_WAITING_MAX` wait;
 * `now` goes before `polite`.
 */
export class Announcer {
  readonly #ports: AnnouncerPorts;
  #waiting: Announcement[] = [];
  #resting = false;

  constructor(ports: AnnouncerPorts) {
    this.#ports = ports;
  }

  announce(announcement: Announcement): void {
    this.#waiting = this.#waiting.filter(({ subject }) => subject !== announcement.subject);
    const firstPolite = this.#waiting.findIndex(({ urgency }) => urgency === 'polite');
    const place =
      announcement.urgency === 'now' && firstPolite !== -1 ? firstPolite : this.#waiting.length;
    this.#waiting.splice(place, 0, announcement);
    if (this.#waiting.length > ANNOUNCEMENTS_WAITING_MAX) this.#dropOldestPolite();
    if (!this.#resting) this.#speak();
  }

  /** What waits on a subject is not true any more. */
  drop(subject: string): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting.subject !== subject);
  }

  #dropOldestPolite(): void {
    const oldest = this.#waiting.findIndex(({ urgency }) => urgency === 'polite');
    this.#waiting.splice(Math.max(0, oldest), 1);
  }

  #speak(): void {
    const next = this.#waiting.shift();
    this.#resting = next !== undefined;
    if (next === undefined) return;
    this.#ports.say(next.urgency, next.text);
    this.#ports.setTimer(() => this.#speak(), ANNOUNCEMENT_SPACING_MS);
  }
}
