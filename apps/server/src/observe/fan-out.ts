/** Passes each value to every listener, in the order in which the listeners subscribed. */
export class FanOut<Value> {
  readonly #listeners: ((value: Value) => void)[] = [];

  subscribe(listener: (value: Value) => void): void {
    this.#listeners.push(listener);
  }

  readonly emit = (value: Value): void => {
    for (const listener of this.#listeners) listener(value);
  };
}
