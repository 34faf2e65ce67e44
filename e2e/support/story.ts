import { type Browser, test as base, expect } from '@playwright/test';
import { type BrowserOptions, launchBrowser } from './browser.ts';
import { type Farandole, followNodes, startFarandole } from './farandole.ts';
import { Person, type PersonOptions } from './person.ts';

/** Half of the usual: making, sending and drawing pictures is most of what a story costs. */
const CAMERA_FPS = 15;

interface ArriveOptions extends PersonOptions, Pick<BrowserOptions, 'devices'> {
  /** One that the stories of a file share, instead of a Chromium that ends with the story. */
  readonly browser?: Browser;
}

interface Stage {
  /** A node for this story alone, started at the first use. */
  readonly node: (env?: NodeJS.ProcessEnv) => Promise<Farandole>;
  /** Brings a person to a page; their browser and profile end with the story. */
  readonly arrive: (name: string, url: string, options?: ArriveOptions) => Promise<Person>;
}

/** A story: everything that it started is ended, and no page may have complained. */
export const test = base.extend<Stage>({
  node: async ({}, use) => {
    const nodes: Farandole[] = [];
    await use(async (env) => {
      const node = await startFarandole(env);
      nodes.push(node);
      return node;
    });
    for (const node of nodes) await node.stop();
  },
  arrive: async ({}, use, story) => {
    const browsers = new Map<string, Browser>();
    const printed = followNodes();
    const people: Person[] = [];
    const guests: Person[] = [];
    await use(async (name, url, options = {}) => {
      const devices = options.devices ?? 'fake';
      const browser =
        options.browser ??
        browsers.get(devices) ??
        (await launchBrowser({ devices, cameraFps: CAMERA_FPS }));
      if (options.browser === undefined) browsers.set(devices, browser);
      const person = await Person.arrive(browser, name, url, options);
      people.push(person);
      if (options.browser !== undefined) guests.push(person);
      return person;
    });
    const complaints = people.flatMap((person) => person.complaints);
    if (story.errors.length > 0 || complaints.length > 0) await tellOf(people, printed());
    for (const guest of guests) await guest.leave();
    for (const browser of browsers.values()) await browser.close();
    expect(complaints).toEqual([]);
  },
});

/** On a machine where nobody can look, this is all that there will be of a failure. */
async function tellOf(people: readonly Person[], nodes: readonly string[]): Promise<void> {
  for (const person of people) console.log(await person.account());
  for (const printed of nodes) console.log(`A node printed:\n${printed}`);
}

export { expect };
