export interface Announcement {
  /** `now` interrupts the screen reader; `polite` waits for a pause. */
  readonly urgency: 'polite' | 'now';
  readonly text: string;
  /** Replaces a waiting announcement on the same subject. */
  readonly subject: string;
}

/** Gap between two announcements, so that a screen reader doesn't drop the first. */
export const ANNOUNCEMENT_SPACING_MS = 400;
/** Older announcements would be read long after they were true. */
export const ANNOUNCEMENTS_WAITING_MAX = 4;

export interface AnnouncerPorts {
  /** Writes to the live region. Repeats the text even if it is unchanged. */
  say(urgency: Announcement['urgency'], text: string): void;
  setTimer(callback: () => void, delayMs: number): void;
}

/**
 * Speaks one announcement at a time, `now` first. Drops a waiting one when a newer one has its
 * subject, and the oldest polite one beyond `ANNOUNCEMENTS_WAITING_MAX`.
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
