import { type ReadonlySignal, signal } from '@preact/signals';
import type { Connectivity } from '../signal/ports.ts';
import type { Visibility } from './app-ports.ts';

/** What the browser says of the world around the page, as signals. */

/** Whether there is a network, as far as the browser knows. */
export function followNetwork(connectivity: Connectivity): ReadonlySignal<boolean> {
  const network = signal(connectivity.online());
  connectivity.listen(() => {
    network.value = connectivity.online();
  });
  return network;
}

/**
 * Whether the page is in the background.
 *
 * @param returned is called each time that it comes to the front
 */
export function followHidden(
  visibility: Visibility,
  returned: () => void,
): ReadonlySignal<boolean> {
  const hidden = signal(visibility.hidden());
  visibility.listen(() => {
    hidden.value = visibility.hidden();
    if (!hidden.value) returned();
  });
  return hidden;
}
