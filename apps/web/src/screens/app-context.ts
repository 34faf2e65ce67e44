import { assert } from '@farandole/kernel/assert';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { AppModel } from '../state/app-model.ts';

export const AppContext = createContext<AppModel | null>(null);

export function useApp(): AppModel {
  const app = useContext(AppContext);
  assert(app !== null, 'a screen is drawn outside of AppContext');
  return app;
}
