/** An answer of the knowledge base as people write it in a chat: agents' messages are plain text on every channel. */
export function plainAnswer(markdown: string): string {
  return markdown
    .replace(/\[([^\]]+)\]\(((?:[^\s()]|\([^\s()]*\))+)\)/g, (_, text: string, address: string) =>
      text === address ? text : `${text}（${address}）`,
    )
    .replace(/ ?\*\*([^*]+)\*\* ?/g, '$1')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
