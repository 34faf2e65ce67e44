import { LanguageField } from '../ui/language-field.tsx';
import { useApp } from './app-context.ts';

/** The languages that the user speaks, on the landing. It loads when the user opens it. */
export function LandingLanguages() {
  const app = useApp();
  return (
    <LanguageField
      tags={app.settings.preferences.value.languages}
      refused={app.fault.value?.wish === 'bad-language'}
      onChange={(tags) => app.settings.set({ languages: tags })}
    />
  );
}
