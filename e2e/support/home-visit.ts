import { Person } from './person.ts';
import { type Home, SITE_ORIGIN } from './small-internet.ts';

/** A user at home whose peer connections a story can read. */
export interface HomeVisit {
  readonly person: Person;
  readonly home: Home;
}

declare global {
  interface Window {
    /** Every peer connection of the page, in the order in which they were made. */
    readonly keptConnections: readonly RTCPeerConnection[];
  }
}

/**
 * Opens the site in a browser at home.
 *
 * @param beforePage called before the page loads
 */
export async function visitFrom(
  home: Home,
  name: string,
  beforePage: (person: Person) => void = () => {},
): Promise<HomeVisit> {
  const person = await Person.arrive(await home.openBrowser(), name, 'about:blank');
  await person.context.addInitScript(keepConnections);
  beforePage(person);
  await person.page.goto(SITE_ORIGIN);
  return { person, home };
}

/** Runs in the page before the page's own code. */
function keepConnections(): void {
  const connections: RTCPeerConnection[] = [];
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  Object.defineProperty(window, 'keptConnections', { value: connections });
}
