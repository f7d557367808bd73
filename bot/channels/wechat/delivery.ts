import { Undeliverable } from '../../conversations/undelivered.ts';
import { NotSent } from '../../turns/errands.ts';
import { ApiError } from './api.ts';

/** Sends, and says of a refusal by the platform what it means for the message. */
export async function sendThrough(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw error instanceof ApiError ? meaningOf(error) : error;
  }
}

function meaningOf(error: ApiError): Error {
  const refused = (reason: Undeliverable['reason']) => new Undeliverable(reason, error.message, { cause: error });
  switch (error.errorClass) {
    case 'token':
    case 'busy':
    case 'rate':
      return new NotSent(error.message, { cause: error });
    case 'daily-limit':
    case 'quota-used':
      return refused('quota-used');
    case 'window-closed':
      return refused('window-closed');
    case 'unreachable':
      return refused('unreachable');
    case 'session':
      return refused('with-person');
    case 'account':
      return refused('account');
    case 'content':
    case 'media':
      return refused('refused');
  }
}
