/** What reaches the conversation, whatever channel it came by. */
export type Message =
  /** The customer has opened the conversation and said nothing yet. */
  | { kind: 'join' }
  | { kind: 'text'; text: string }
  /** Pictures or documents, with or without words. */
  | { kind: 'files'; count: number; text?: string };

/** Who speaks for the agency in a conversation. */
export type Owner = { kind: 'bot' } | { kind: 'agent'; id: string; name: string };
