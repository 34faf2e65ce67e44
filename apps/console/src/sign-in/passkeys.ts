import type { ApiReply } from '../api/api-client.ts';

export function hasPasskeys(): boolean {
  return 'PublicKeyCredential' in window;
}

export async function createPasskey(options: unknown): Promise<ApiReply<unknown>> {
  return await ask(async () => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
      options as PublicKeyCredentialCreationOptionsJSON,
    );
    return await navigator.credentials.create({ publicKey });
  });
}

export async function showPasskey(options: unknown): Promise<ApiReply<unknown>> {
  return await ask(async () => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
      options as PublicKeyCredentialRequestOptionsJSON,
    );
    return await navigator.credentials.get({ publicKey });
  });
}

async function ask(make: () => Promise<Credential | null>): Promise<ApiReply<unknown>> {
  let error = 'passkey-cancelled';
  try {
    const credential = await make();
    if (credential instanceof PublicKeyCredential)
      return { ok: true, value: whatCounts(credential) };
  } catch (reason) {
    // The browser reports an existing passkey with `InvalidStateError`, but a cancelled dialog
    // with another error.
    if (reason instanceof DOMException && reason.name === 'InvalidStateError') {
      error = 'already-there';
    }
  }
  return { ok: false, problem: { error, detail: '', status: null } };
}

/** Returns only those fields of a credential that the node reads. */
function whatCounts(credential: PublicKeyCredential): unknown {
  const { id, response } = credential.toJSON();
  if ('attestationObject' in response) {
    const { clientDataJSON, attestationObject, transports } = response;
    return { id, response: { clientDataJSON, attestationObject, transports } };
  }
  const { clientDataJSON, authenticatorData, signature } = response;
  return { id, response: { clientDataJSON, authenticatorData, signature } };
}
