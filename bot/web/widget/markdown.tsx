import type { Nodes, PhrasingContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { ComponentChildren } from 'preact';

/**
 * Shows the small part of Markdown that answers use. Everything becomes elements of ours with text inside; HTML in the source
 * stays text, and only harmless addresses become links.
 */
export function Markdown({ source }: { source: string }) {
  return <>{fromMarkdown(source).children.map(render)}</>;
}

function render(node: Nodes): ComponentChildren {
  switch (node.type) {
    case 'paragraph':
      return <p>{children(node.children)}</p>;
    case 'strong':
      return <strong>{children(node.children)}</strong>;
    case 'emphasis':
      return <em>{children(node.children)}</em>;
    case 'list':
      return node.ordered ? <ol start={node.start ?? 1}>{node.children.map(render)}</ol> : <ul>{node.children.map(render)}</ul>;
    case 'listItem':
      return <li>{node.children.map((child) => (child.type === 'paragraph' ? children(child.children) : render(child)))}</li>;
    case 'break':
      return <br />;
    case 'link':
      return harmless(node.url) ? (
        <a href={node.url} target="_blank" rel="noopener noreferrer">
          {children(node.children)}
        </a>
      ) : (
        children(node.children)
      );
    case 'text':
    case 'inlineCode':
    case 'code':
    case 'html':
      return node.value;
    case 'heading':
    case 'blockquote':
      return <p>{(node.children as Nodes[]).map(render)}</p>;
    default:
      return null;
  }
}

function children(nodes: readonly PhrasingContent[]): ComponentChildren {
  return nodes.map(render);
}

function harmless(url: string): boolean {
  return /^(https:|tel:|mailto:)/i.test(url);
}
