import { assert } from '@farandole/kernel/assert';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ConsoleModel } from '../state/console-model.ts';

export const ConsoleContext = createContext<ConsoleModel | null>(null);

export function useConsole(): ConsoleModel {
  const model = useContext(ConsoleContext);
  assert(model !== null, 'drawn outside of the console');
  return model;
}
