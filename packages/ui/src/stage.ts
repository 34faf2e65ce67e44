/** One picture of the gallery: a scene, a text page, or a scene with something opened. */
export interface View {
  readonly name: string;
  readonly scene: string;
  /** Index of the pressed control among those of the scene that open something. */
  readonly opener: number | null;
}

export interface Stage {
  /** All views, including openers found in the scenes. */
  views(): Promise<readonly View[]>;
  /**
   * Draws the final state. Reload the page after a view with an opener, which may leave state
   * behind. `pseudo` is longer, accented English, right to left.
   */
  show(view: View, language: string): Promise<void>;
  /** The scene's untranslatable strings: user text, names, addresses. */
  given(view: View): readonly string[];
}

declare global {
  interface Window {
    stage?: Stage;
  }
}
