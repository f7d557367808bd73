/** Why a callback is not believed. For the log only: whoever sent it is told nothing, so that no check can be told from another. */
export type RefusalReason =
  | 'query'
  | 'stale'
  | 'replayed'
  | 'body'
  | 'xml'
  | 'mode'
  | 'signature'
  | 'envelope'
  | 'receive-id'
  | 'recipient';

export class CallbackRefused extends Error {
  override readonly name = 'CallbackRefused';
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, options?: ErrorOptions) {
    super(`A callback was refused: ${reason}.`, options);
    this.reason = reason;
  }
}
