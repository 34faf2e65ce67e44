/** An amount of one resource that all users share, such as sockets or TURN credentials. */
export interface Budget {
  /**
   * Takes a part of the resource for a client.
   *
   * @param address the client's IP address, which decides whose share is used
   * @param cost in the budget's unit, for instance sockets or ms of work; 1 if absent
   * @returns 0 if the part was taken, otherwise the ms after which another attempt may succeed
   */
  take(address: string, cost?: number): number;
  /** Gives back a part that was taken, for resources that are held, such as sockets. */
  release(address: string, cost?: number): void;
}
