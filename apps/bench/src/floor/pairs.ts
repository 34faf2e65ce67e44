export class Pairs<Socket> {
  readonly #others = new Map<Socket, Socket>();
  #waiting: Socket | null = null;

  /**
   * Pairs the socket with a waiting socket and returns the waiting one. If no socket waits,
   * queues this one and returns null.
   */
  add(socket: Socket): Socket | null {
    const first = this.#waiting;
    if (first === null) {
      this.#waiting = socket;
      return null;
    }
    this.#waiting = null;
    this.#others.set(socket, first);
    this.#others.set(first, socket);
    return first;
  }

  other(socket: Socket): Socket | undefined {
    return this.#others.get(socket);
  }

  remove(socket: Socket): void {
    if (this.#waiting === socket) this.#waiting = null;
    const other = this.#others.get(socket);
    this.#others.delete(socket);
    if (other !== undefined) this.#others.delete(other);
  }
}
