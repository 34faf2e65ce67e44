/** What became of it: the browser's own sheet was shown, the address copied, or neither went. */
export type Shared = 'shared' | 'copied' | 'failed';

/** Gives the address of this place to whoever the person likes. Call it from a press. */
export async function shareLink(url: string): Promise<Shared> {
  if ('share' in navigator) {
    try {
      await navigator.share({ title: 'Farandole', url });
      return 'shared';
    } catch (error) {
      // Closed without choosing anybody: that was the person's answer.
      if (error instanceof DOMException && error.name === 'AbortError') return 'shared';
    }
  }
  try {
    await navigator.clipboard.writeText(url);
    return 'copied';
  } catch {
    return 'failed';
  }
}
