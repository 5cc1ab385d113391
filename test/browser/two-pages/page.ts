/** What both pages run: `#callee-json` registers a procedure, `#caller-json` calls it and shows the answer. */
import { connectWebSocket, join, serializers, type Invocation, type Session } from '../../../protocol/index.ts';

const [role, serializer = ''] = location.hash.slice(1).split('-');
const output = document.querySelector('output')!;
const session = await join(
  await connectWebSocket(`ws://${location.host}/ws`, {
    serializers: serializers.filter(({ name }) => name === serializer),
  }),
  { realm: 'realm1' },
);
await (role === 'callee' ? serve(session) : ask(session));

async function serve(callee: Session): Promise<void> {
  const move = ({ args: [x, y, z = 0], kwargs: { mean } }: Invocation) => {
    output.textContent = 'answered one call';
    return { args: [[x, y, z], mean] };
  };
  await callee.register(`com.example.move.${serializer}`, move);
  output.textContent = 'registered';
}

async function ask(caller: Session): Promise<void> {
  const { args } = await caller.call(`com.example.move.${serializer}`, [3, 5], { mean: 'roulades' });
  output.textContent = JSON.stringify(args);
}
