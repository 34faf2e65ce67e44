import type { Case } from '@farandole/moderation/cases/case-machine';
import type { Decided } from '@farandole/moderation/cases/decide';
import type { Measure } from '@farandole/moderation/cases/decision';
import { UNDO_MS } from '@farandole/moderation/limits';
import type { ConsoleRequest } from '@farandole/protocol/console-requests';
import { t } from '../i18n/words.ts';
import { sentenceOf } from '../parts/states.tsx';
import type { ConsoleModel } from './console-model.ts';
import { goTo } from './route.ts';

/**
 * Sends a request and shows a notice with the result, or with the reason why the node refused.
 * @returns the node's answer, or null if the node refused
 */
export async function send<Value>(
  model: ConsoleModel,
  path: string,
  body: unknown,
): Promise<Value | null> {
  const answer = await model.api.post<Value>(path, body);
  if (answer.ok) return answer.value;
  model.say(sentenceOf(answer.problem), { bad: true });
  return null;
}

export async function takeCase(model: ConsoleModel, id: string): Promise<boolean> {
  const taken = await stepCase(model, id, { event: 'assign' });
  if (taken) goTo('case', id);
  return taken;
}

export async function stepCase(
  model: ConsoleModel,
  id: string,
  step: ConsoleRequest<'step'>,
): Promise<boolean> {
  return (await send(model, `cases/${id}/step`, step)) !== null;
}

/**
 * Sends a decision at once instead of after the undo period, because a delay prolongs the harm
 * and a closed tab would lose the decision. The moderator can undo the decision for `UNDO_MS`.
 */
export async function decide(
  model: ConsoleModel,
  id: string,
  decision: ConsoleRequest<'decision'>,
): Promise<boolean> {
  const decided = await send<Decided>(model, `cases/${id}/decision`, decision);
  if (decided === null) return false;
  model.forgetDraft(id);
  if (decided.decided === 'proposed') {
    model.say(t('decide.proposed'));
    return true;
  }
  const measure: Measure = decision.measure;
  model.say(t('decide.done', { measure: t(`decided.${measure}`) }), {
    undo: {
      // The console's undo period is half a second shorter than the node's, because the local
      // clock measures it.
      untilMs: model.nowMs.value + UNDO_MS - 500,
      run: async () => {
        const networks = decision.networks?.map(({ network }) => network) ?? [];
        const undone = await send<Case>(model, `cases/${id}/undo`, {});
        if (undone === null) return;
        // The returned case id can differ, because the node may have merged the case into one that
        // was opened after the decision.
        model.changeDraft(undone.id, { ...decision, networks });
        if (await takeCase(model, undone.id)) model.say(t('decide.undone'));
      },
    },
  });
  return true;
}
