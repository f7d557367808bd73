/** What makes a part of a message a question of its own. */
const asks = /吗|呢|怎么|咋|怎样|如何|多久|多少|几|什么|啥|哪|能不能|要不要|可不可以|可以|是否|需要|行不行|有没有|[?？]/;
const boundary = /[?？!！。；;\n]+|[，,]?\s*(?:另外|还有就是|还有|顺便问一下|顺便问下|顺便|再问一下|再问下|第二[个，,、]|其次)[，,：:\s]*/u;
const shortest = 3;
const mostParts = 3;
const longest = 90; // longer messages are stories: their sentences belong together

/** The questions of a message that holds two or three of them; otherwise the message alone. */
export function splitQuestions(text: string): string[] {
  if (text.length > longest) return [text];
  const parts = text
    .split(boundary)
    .map((part) => part.trim())
    .filter((part) => part.replace(/[^\p{L}\p{N}]/gu, '').length >= shortest);
  const questions = parts.filter((part) => asks.test(part));
  return questions.length >= 2 && questions.length <= mostParts && questions.length === parts.length ? questions : [text];
}
