/** One picture of the gallery: a scene, a text page, or a scene after a control was pressed. */
export interface View {
  readonly name: string;
  readonly scene: string;
  /**
   * Index of the pressed control among those that open something in the scene. Null if no
   * control was pressed.
   */
  readonly opener: number | null;
}

export interface Opener {
  /** The control's index among the scene's controls that open something. */
  readonly index: number;
  /** Equal for the same control in two scenes of one screen. */
  readonly key: string;
}

export interface Stage {
  readonly scenes: readonly string[];
  /** Returns the controls of the drawn scene that open something. */
  openers(): readonly Opener[];
  /**
   * Draws a view in its final state. The caller must reload the page after a view with a pressed
   * control, because that view may leave state behind. The language `pseudo` is accented English
   * with longer words that runs from right to left.
   */
  show(view: View, language: string): Promise<void>;
  /**
   * Returns the texts of a scene that aren't translated, such as user text, names and addresses.
   */
  given(view: View): readonly string[];
}

declare global {
  interface Window {
    stage?: Stage;
  }
}
