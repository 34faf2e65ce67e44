import { computed, type ReadonlySignal, signal } from '@preact/signals';

export interface LazyModel<Model> {
  /** The lazily loaded model, or `null` until its code has loaded. */
  readonly model: ReadonlySignal<Model | null>;
  /**
   * Loads the model's code, at most once. Rejects if loading fails; the next call then tries again.
   */
  load(): Promise<Model>;
  /** Loads the model's code in advance. Ignores a failure. */
  prepare(): void;
  /**
   * Calls `work` with the model as soon as the model's code has loaded. If loading fails, `work` is
   * never called.
   */
  use(work: (model: Model) => void): void;
  /** Returns one signal of the model. Until the model has loaded, its value is `fallback`. */
  select<T>(read: (model: Model) => ReadonlySignal<T>, fallback: T): ReadonlySignal<T>;
}

/**
 * Creates a model whose code loads when first needed.
 * @param fetchModel loads the code and creates the model
 * @param ready called once, before the signal `model` changes
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
