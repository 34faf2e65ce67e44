import type { Answer } from '../api/api-client.ts';

/** Whether this browser has passkeys, at this address. */
export function hasPasskeys(): boolean {
  return 'PublicKeyCredential' in window;
}

/** Has the browser make a passkey as the node asks for it; the answer is for the node. */
export async function createPasskey(options: unknown): Promise<Answer<unknown>> {
  return await ask(async () => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
      options as PublicKeyCredentialCreationOptionsJSON,
    );
    return await navigator.credentials.create({ publicKey });
  });
}

/** Has the browser show a passkey that it has. */
export async function showPasskey(options: unknown): Promise<Answer<unknown>> {
  return await ask(async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
      options as PublicKeyCredentialRequestOptionsJSON,
    );
    return await navigator.credentials.get({ publicKey });
  });
}

async function ask(make: () => Promise<Credential | null>): Promise<Answer<unknown>> {
  let error = 'passkey-cancelled';
  try {
    const credential = await make();
    if (credential instanceof PublicKeyCredential)
      return { ok: true, value: whatCounts(credential) };
  } catch (reason) {
    // One that is there already is told apart from whoever closed the browser's window.
    if (reason instanceof DOMException && reason.name === 'InvalidStateError') {
      error = 'already-there';
    }
  }
  return { ok: false, problem: { error, detail: '', status: null } };
}

/** The rest of it the node does not look at. */
function whatCounts(credential: PublicKeyCredential): unknown {
  const { id, response } = credential.toJSON();
  if ('attestationObject' in response) {
    const { clientDataJSON, attestationObject, transports } = response;
    return { id, response: { clientDataJSON, attestationObject, transports } };
  }
  const { clientDataJSON, authenticatorData, signature } = response;
  return { id, response: { clientDataJSON, authenticatorData, signature } };
}
