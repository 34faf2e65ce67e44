import { computed, type ReadonlySignal, signal } from '@preact/signals';

export interface LazyModel<Model> {
  /** `null` until the code has loaded. */
  readonly model: ReadonlySignal<Model | null>;
  /** Loads the code once. Rejects on failure; the next call retries. */
  load(): Promise<Model>;
  /** Loads the code once. Ignores a failure. */
  prepare(): void;
  /** Calls `work` with the model, now or after loading. Never calls it if loading fails. */
  use(work: (model: Model) => void): void;
  /** Returns a signal of the model; its value is `fallback` until the model has loaded. */
  select<T>(read: (model: Model) => ReadonlySignal<T>, fallback: T): ReadonlySignal<T>;
}

/**
 * @param fetchModel loads the code and creates the model
 * @param ready called once, before `model` changes
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
