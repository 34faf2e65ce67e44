import { signal } from '@preact/signals';

/** A parsed console address `#/SCREEN/ID`. An empty `screen` means the default screen. */
export interface Route {
  readonly screen: string;
  readonly id: string | null;
}

export function routeOf(hash: string): Route {
  const [screen = '', id = null] = hash.replace(/^#\/?/u, '').split('/');
  return { screen, id: id === '' ? null : id };
}

export function hashOf({ screen, id }: Route): string {
  return id === null ? `#/${screen}` : `#/${screen}/${id}`;
}

/**
 * Reads the route from the part of the address after `#`, which browsers never send to the node.
 */
export const route = signal<Route>({ screen: '', id: null });

export function followAddress(): void {
  const read = (): void => {
    route.value = routeOf(location.hash);
  };
  addEventListener('hashchange', read);
  read();
}

export function goTo(screen: string, id: string | null = null): void {
  location.hash = hashOf({ screen, id });
}
