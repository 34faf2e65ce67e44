/**
 * Adds up the time for which a node is fenced: it has no contact with the other nodes, so they may
 * count it as dead.
 */
export class Fence {
  #beforeMs = 0;
  #sinceMs: number | null = null;
  #endedAtMs = Number.NEGATIVE_INFINITY;

  begin(nowMs: number): void {
    this.#sinceMs ??= nowMs;
  }

  end(nowMs: number): void {
    this.#beforeMs = this.totalMs(nowMs);
    this.#sinceMs = null;
    this.#endedAtMs = nowMs;
  }

  get isOn(): boolean {
    return this.#sinceMs !== null;
  }

  /** Whether the node was fenced at any time since then. */
  wasOnSince(atMs: number): boolean {
    return this.isOn || this.#endedAtMs >= atMs;
  }

  totalMs(nowMs: number): number {
    return this.#beforeMs + (this.#sinceMs === null ? 0 : nowMs - this.#sinceMs);
  }
}
