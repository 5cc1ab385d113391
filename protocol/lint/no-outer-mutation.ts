/**
 * Rules are asked again: to predict, to search, to replay. What they write must be in the state that they are given. This
 * finds functions that write to a variable of their file, or to what one holds.
 */
import { isAtLoad, isOfModule, rootOf, targetsOf, type Node, type RuleContext } from './syntax.ts';

/** Methods of lists, maps and sets that change them. */
const changing: ReadonlySet<string> = new Set(
  'push pop shift unshift splice sort reverse fill copyWithin set add delete clear'.split(' '),
);

export const noOuterMutation = {
  meta: {
    type: 'problem',
    docs: { description: 'Rules write to the state that they are given, and to nothing else.' },
    messages: {
      outer: '{{name}} outlives the call: a replay or a prediction would find it changed. Keep it in the state.',
    },
    schema: [],
  },
  create(context: RuleContext) {
    const written = (node: Node, target: Node | undefined) => {
      const root = rootOf(target);
      if (!root?.name || isAtLoad(node) || !isOfModule(context.sourceCode.getScope(root), root.name)) return;
      context.report({ node, messageId: 'outer', data: { name: root.name } });
    };
    return {
      AssignmentExpression(node: Node) {
        for (const target of targetsOf(node.left)) written(node, target);
      },
      UpdateExpression: (node: Node) => written(node, node.argument),
      UnaryExpression(node: Node) {
        if (node.operator === 'delete') written(node, node.argument);
      },
      CallExpression(node: Node) {
        const { callee } = node;
        if (callee?.type !== 'MemberExpression' || callee.computed) return;
        if (changing.has(callee.property?.name ?? '')) written(node, callee.object);
        if (callee.object?.name === 'Object' && callee.property?.name === 'assign') written(node, node.arguments?.[0]);
      },
    };
  },
} as const;
