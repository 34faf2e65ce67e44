import { computed, type ReadonlySignal, signal } from '@preact/signals';

/** A model whose code is fetched when it is first needed. */
export interface LazyModel<Model> {
  /** Null until the code has arrived. */
  readonly model: ReadonlySignal<Model | null>;
  /** Fetches the code once. Rejects if it does not arrive; the next call tries again. */
  load(): Promise<Model>;
  /** As `load`, ignoring a failure. */
  prepare(): void;
  /** Calls `work` at once, or when the code arrives. Drops it if the code does not arrive. */
  use(work: (model: Model) => void): void;
  /** A signal of the model, or `fallback` until the code has arrived. */
  select<T>(read: (model: Model) => ReadonlySignal<T>, fallback: T): ReadonlySignal<T>;
}

/**
 * @param fetchModel fetches the code and makes the model
 * @param ready called once, right before the model is published
 */
export function lazyModel<Model>(
  fetchModel: () => Promise<Model>,
  ready: (model: Model) => void = () => {},
): LazyModel<Model> {
  const model = signal<Model | null>(null);
  let loading: Promise<Model> | null = null;
  const load = async (): Promise<Model> => {
    loading ??= fetchModel();
    try {
      const loaded = await loading;
      if (model.peek() === null) {
        ready(loaded);
        model.value = loaded;
      }
      return loaded;
    } catch (error) {
      loading = null;
      throw error;
    }
  };
  return {
    model,
    load,
    prepare: () => void load().catch(() => {}),
    use(work) {
      const loaded = model.peek();
      if (loaded === null) load().then(work, () => {});
      else work(loaded);
    },
    select: (read, fallback) =>
      computed(() => (model.value === null ? fallback : read(model.value).value)),
  };
}
