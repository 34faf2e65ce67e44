/** A picture of the gallery: a scene, a text page, or a scene after a control was pressed. */
export interface View {
  readonly name: string;
  readonly scene: string;
  /**
   * Index of the pressed control among the scene's controls that open something; null if none was
   * pressed.
   */
  readonly opener: number | null;
}

export interface Stage {
  /** Returns all views. Looks in each scene for controls that open something. */
  views(): Promise<readonly View[]>;
  /**
   * Draws the final state of a view. Reload the page after a view with an opener, because that view
   * may leave state behind. The language `pseudo` is longer, accented English that runs right to
   * left.
   */
  show(view: View, language: string): Promise<void>;
  /** Returns the scene's strings that aren't translated: user text, names and addresses. */
  given(view: View): readonly string[];
}

declare global {
  interface Window {
    stage?: Stage;
  }
}
