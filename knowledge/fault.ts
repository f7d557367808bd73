/** Something an editor has to mend: where it stands and what to write instead. Lines count from 1. */
export interface Fault {
  file: string;
  line: number;
  entry?: string;
  message: string;
}

export class KnowledgeError extends Error {
  readonly faults: readonly Fault[];
  constructor(faults: readonly Fault[]) {
    super(`The knowledge base has ${faults.length} fault(s):\n${faults.map(formatFault).join('\n')}`);
    this.name = 'KnowledgeError';
    this.faults = faults;
  }
}

/** `knowledge/faq/change.yaml:12 change-fee: …`, the form that editors turn into a link. */
export function formatFault({ file, line, entry, message }: Fault): string {
  return `${file}:${line}${entry ? ` ${entry}` : ''}: ${message}`;
}
