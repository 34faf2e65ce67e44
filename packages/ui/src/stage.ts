/** One picture of the gallery: a scene, a page of text, or a scene in which something is opened. */
export interface View {
  readonly name: string;
  readonly scene: string;
  /** The place of the pressed control among those of the scene that open something. */
  readonly opener: number | null;
}

/** What programs that look at every screen call, in a page that is loaded once. */
export interface Stage {
  /** Every view there is, also of what opens by a press: found by looking, not listed by hand. */
  views(): Promise<readonly View[]>;
  /**
   * Draws it as it will stay. What is opened may be remembered outside of what is drawn: after a
   * view with an opener the page is to be loaded again. `pseudo` is English with accents, longer, from right to left.
   */
  show(view: View, language: string): Promise<void>;
  /** What of a scene is no sentence of the page's own: people's words, names, addresses. */
  given(view: View): readonly string[];
}

declare global {
  interface Window {
    stage?: Stage;
  }
}
