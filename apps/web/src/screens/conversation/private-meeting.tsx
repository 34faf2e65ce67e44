import '../../styles/meeting.css';
import { Arcs } from '@farandole/ui/arcs';
import { useEffect } from 'preact/hooks';
import type { SearchView } from '../../call/call-view.ts';
import { linkOf, type OwnInvitation } from '../../call/invitation.ts';
import { lastMetOf } from '../../effects/last-met.ts';
import { CopyButton } from '../../help/copy-button.tsx';
import { t } from '../../i18n/words.ts';
import { Heading } from '../../ui/heading.tsx';
import { Icon } from '../../ui/icons.tsx';
import { invited } from '../../ui/invited.ts';
import { useApp } from '../app-context.ts';
import { CallIcon } from './call-icons.tsx';

/** How long a search offers to meet the last peer again. The server allows it for longer. */
const OFFERED_FOR_MS = 30 * 60_000;

/** The waiting screen of a private meeting. Its words never say whether the other user is there. */
export function PrivateWait({ search }: { search: SearchView }) {
  const app = useApp();
  const { meeting, held } = search;
  const own = app.invitation.model.value?.own.value;
  const isHost = own?.state === 'made' && own.meeting.token === meeting?.token;
  const by = meeting?.by ?? 'invitation';
  const isOver = held?.reason === 'meeting-over';
  const whose = by === 'again' ? 'again' : isHost ? 'host' : 'guest';
  return (
    <section class="tile search" data-keeps-focus>
      <Arcs mood={held === null ? 'dance' : 'still'} />
      <Heading>{t(isOver ? `meeting.over.${by}` : `meeting.wait.${whose}`)}</Heading>
      <p>{t(isOver ? `meeting.overWhy.${by}` : `meeting.how.${whose}`)}</p>
      {held !== null && !isOver && (
        <p>{t(held.reason === 'no-link' ? 'meeting.offline' : 'meeting.soon')}</p>
      )}
      {isHost && !isOver && <Link own={own} />}
      <div class="go">
        {isHost && (
          <button
            type="button"
            class="btn on-dark"
            onClick={() => app.invitation.use((invitation) => invitation.withdraw())}
          >
            {t('meeting.withdraw')}
          </button>
        )}
        <button type="button" class="btn on-dark" onClick={() => app.navigation.waitFor(null)}>
          {t('meeting.others')}
        </button>
      </div>
    </section>
  );
}

function Link({ own }: { own: Extract<OwnInvitation, { state: 'made' }> }) {
  const url = linkOf(location.origin, own.meeting, own.mode);
  const data = { title: 'Farandole', text: t('meeting.shareText'), url };
  const canShare = 'canShare' in navigator && navigator.canShare(data);
  return (
    <div class="invitation">
      <input
        class="invitation-link"
        readOnly
        dir="ltr"
        aria-label={t('meeting.link')}
        value={url}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      {canShare && (
        <button
          type="button"
          class="btn primary"
          // The user may close the system's dialog, which rejects the promise.
          onClick={() => void navigator.share(data).catch(() => {})}
        >
          {t('meeting.share')}
        </button>
      )}
      <CopyButton
        text={url}
        label={t('meeting.copy')}
        copied={t('meeting.copied')}
        notCopied={t('meeting.notCopied')}
        size="small"
        primary={!canShare}
      />
    </div>
  );
}

/** Offers an invitation during an ordinary search, and says what became of the last one. */
export function Invite({ search }: { search: SearchView }) {
  const app = useApp();
  useEffect(() => app.invitation.prepare(), []);
  const state = app.invitation.model.value?.own.value.state ?? 'none';
  const isMade = state === 'made';
  return (
    <div class="invite">
      <button
        type="button"
        class="btn on-dark"
        disabled={state === 'asked'}
        onClick={() =>
          app.invitation.use((invitation) =>
            isMade ? invitation.wait() : invitation.make(search.mode),
          )
        }
      >
        <CallIcon name="wave" size={20} />
        {t(isMade ? 'meeting.back' : 'meeting.invite')}
      </button>
      <p class="small" role="status">
        {state !== 'none' && !isMade && t(`meeting.own.${state}`)}
      </p>
    </div>
  );
}

/** Asks whether to meet the peer of the ended call again. */
export function MeetAgain() {
  const app = useApp();
  return (
    <div class="meet-again">
      <button type="button" class="btn on-dark" onClick={() => app.navigation.meetAgain()}>
        <Icon name="retry" size={20} />
        {t('meeting.again')}
      </button>
      <p class="small">{t('meeting.againHow')}</p>
    </div>
  );
}

/**
 * Offers a search to meet the last peer again. Where few users are online, the two would otherwise
 * wait until the cool-down is over.
 */
export function MeetLastAgain({ search }: { search: SearchView }) {
  const app = useApp();
  const last = lastMetOf(app).value;
  if (last === null || last.mode !== search.mode) return null;
  if (app.call.nowMs.value - last.endedAtMs > OFFERED_FOR_MS) return null;
  const { match, receipt } = last;
  const isApart = app.records.wasReported(match) || app.records.stateOf(match) !== 'none';
  if (isApart || app.reactions.model.value?.flagged.value === match) return null;
  return (
    <button
      type="button"
      class="btn on-dark last-met"
      onClick={() => app.navigation.waitFor({ by: 'again', token: receipt })}
    >
      <Icon name="retry" size={20} />
      {t('meeting.again')}
    </button>
  );
}

/** Says on the landing that the user opened an invitation. Opening it uses nothing up. */
export function InvitedNote() {
  const app = useApp();
  const invitation = invited.value;
  if (invitation === null) return null;
  const accept = (): void => {
    invited.value = null;
    app.navigation.start(invitation.mode, invitation.meeting);
  };
  return (
    <section class="note invited" aria-label={t('meeting.invited.title')}>
      <CallIcon name="wave" size={20} />
      <div>
        <p>
          <strong>{t('meeting.invited.title')}</strong>
        </p>
        {invitation.mode !== 'question' && <p>{t(`meeting.invited.${invitation.mode}`)}</p>}
        <div class="go">
          <button type="button" class="btn primary" onClick={accept}>
            {t('meeting.invited.accept')}
          </button>
          <button
            type="button"
            class="btn"
            onClick={() => {
              invited.value = null;
            }}
          >
            {t('meeting.invited.decline')}
          </button>
        </div>
      </div>
    </section>
  );
}
