/**
 * Draws Farandole's logo, two open arcs. They are `still` when the page is idle, `dance` while
 * it searches, and `meet` while it connects.
 */
export function Arcs({ mood }: { mood: 'still' | 'dance' | 'meet' }) {
  return (
    <svg
      class={`arcs ${mood}`}
      viewBox="0 0 260 126"
      aria-hidden="true"
      fill="none"
      stroke-width="20"
      stroke-linecap="round"
    >
      <path class="arc-you" d="M13 112a51 51 0 0 1 102 0" />
      <path class="arc-them" d="M145 112a51 51 0 0 1 102 0" />
    </svg>
  );
}

export function Brand() {
  return (
    <span class="brand" translate={false}>
      farandole
    </span>
  );
}
