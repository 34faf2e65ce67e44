import type { PictureKey } from '@farandole/moderation/picture';
import type { Config } from '../config.ts';
import { openDataDir } from '../data-dir.ts';
import { RoleKeys } from '../evidence/role-keys.ts';
import { readKeys } from '../keys.ts';
import { openStore } from '../store/open-store.ts';
import { CliError } from './cli-error.ts';

export interface Rotated {
  readonly rewrapped: number;
  /** Wraps that no key here opened before, and none does now. */
  readonly unopened: number;
}

/**
 * Gives each role that may look at pictures a new key, and wraps what is kept to it. The server must not
 * run: it would go on wrapping to keys that are gone.
 *
 * @throws CliError, StartError, StoreError; all opens then as before
 */
export async function rotateRoleKeys(config: Config, nowMs: number): Promise<Rotated> {
  const { subject } = await readKeys(config.dataDir);
  const folder = await openDataDir(config.dataDir);
  try {
    if ((await RoleKeys.open(folder.path, false)).isEmpty) {
      throw new CliError('There are no keys of roles here: no pictures were ever taken.');
    }
    const store = await openStore(config, folder.path, subject);
    try {
      const rotated = { rewrapped: 0, unopened: 0 };
      await RoleKeys.rotate(folder.path, async (keys) => {
        const wraps: Pick<PictureKey, 'id' | 'wrapped'>[] = [];
        for (const one of await store.run('picture-keys.list', null)) {
          const key = await keys.unwrap([one]);
          const [again] = key === null ? [] : await keys.wrap(key, [one.role]);
          if (again === undefined) rotated.unopened += 1;
          else wraps.push({ id: one.id, wrapped: again.wrapped });
        }
        rotated.rewrapped = await store.run('picture-keys.rewrap', { keys: wraps, nowMs });
      });
      return rotated;
    } finally {
      await store.close();
    }
  } finally {
    await folder.release();
  }
}
