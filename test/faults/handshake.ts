/** The request of a WebSocket, with whatever is to be wrong in it. RFC 6455 "Client Requirements". */
export function handshake(headers: Readonly<Record<string, string>> = {}, path = '/ws', method = 'GET'): string {
  const all = {
    Host: 'a',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Protocol': 'wamp.2.json',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}
