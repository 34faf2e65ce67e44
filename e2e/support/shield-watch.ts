/** Observations of a page's shield. All times without another note are by the page's clock. */
export interface ShieldWatch {
  /**
   * Time of the first frame of the last video outside the document, which is the hidden
   * stranger's.
   */
  firstFrameMs: number | null;
  /** Time of the first frame of the stranger's visible video. */
  firstClearMs: number | null;
  /** Time at which the visible video was removed, by the wall clock. */
  coveredAtMs: number | null;
  readonly looksMs: number[];
  /** Scores for explicit content, from 0 to 1. */
  readonly explicit: number[];
  encodedFrames(): Promise<number>;
}

declare global {
  interface Window {
    shieldWatch: ShieldWatch;
  }
}

/**
 * Runs in the page before the page's own code. Observes workers, videos and connections without
 * changing them.
 */
export function watchShield(): void {
  const connections: RTCPeerConnection[] = [];
  const watch: ShieldWatch = {
    firstFrameMs: null,
    firstClearMs: null,
    coveredAtMs: null,
    looksMs: [],
    explicit: [],
    encodedFrames: async () => {
      let frames = 0;
      for (const connection of connections) {
        if (connection.connectionState !== 'connected') continue;
        (await connection.getStats()).forEach((report: Record<string, unknown>) => {
          if (report['type'] === 'outbound-rtp' && report['kind'] === 'video') {
            frames += Number(report['framesEncoded'] ?? 0);
          }
        });
      }
      return frames;
    },
  };
  window.shieldWatch = watch;

  const PlainConnection = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends PlainConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };

  interface ClassifierReply {
    readonly say: string;
    readonly id: number;
    readonly sight: { readonly scores: { readonly porn: number; readonly hentai: number } };
  }
  const PlainWorker = window.Worker;
  window.Worker = class extends PlainWorker {
    readonly #askedAtMs = new Map<number, number>();

    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener('message', ({ data }: MessageEvent<ClassifierReply>) => {
        if (data.say !== 'seen') return;
        const askedAtMs = this.#askedAtMs.get(data.id);
        this.#askedAtMs.delete(data.id);
        if (askedAtMs !== undefined) watch.looksMs.push(performance.now() - askedAtMs);
        watch.explicit.push(data.sight.scores.porn + data.sight.scores.hentai);
      });
    }

    override postMessage(
      message: unknown,
      transfer: Transferable[] | StructuredSerializeOptions = [],
    ) {
      const { id } = message as { readonly id?: number };
      if (id !== undefined) this.#askedAtMs.set(id, performance.now());
      if (Array.isArray(transfer)) super.postMessage(message, transfer);
      else super.postMessage(message, transfer);
    }
  };

  const proto = HTMLVideoElement.prototype;
  const onFrame = proto.requestVideoFrameCallback;
  proto.requestVideoFrameCallback = function (callback) {
    return onFrame.call(this, (nowMs, metadata) => {
      if (!this.isConnected) watch.firstFrameMs = performance.now();
      callback(nowMs, metadata);
    });
  };
  const isStranger = (node: Node): node is HTMLVideoElement =>
    node instanceof HTMLVideoElement && node.getAttribute('aria-label') === 'Stranger';
  const strangersIn = (nodes: NodeList): HTMLVideoElement[] =>
    [...nodes].flatMap((node) =>
      isStranger(node)
        ? [node]
        : node instanceof Element
          ? [...node.querySelectorAll('video')].filter(isStranger)
          : [],
    );
  new MutationObserver((changes) => {
    for (const { addedNodes, removedNodes } of changes) {
      for (const video of strangersIn(addedNodes)) {
        onFrame.call(video, () => {
          watch.firstClearMs = performance.now();
        });
      }
      if (strangersIn(removedNodes).length > 0) watch.coveredAtMs = Date.now();
    }
  }).observe(document, { childList: true, subtree: true });
}
