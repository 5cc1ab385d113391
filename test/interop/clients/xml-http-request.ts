/** As much of the browsers' XMLHttpRequest as AutobahnJS uses, over `fetch`. */
export class XMLHttpRequest {
  withCredentials = false;
  readyState = 0;
  status = 0;
  statusText = '';
  responseText = '';
  timeout = 0;
  onreadystatechange = (): void => {};
  ontimeout = (): void => {};
  readonly #headers: Record<string, string> = {};
  #method = 'GET';
  #url = '';

  open(method: string, url: string): void {
    this.#method = method;
    this.#url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }

  send(body: string | null = null): void {
    void this.#send(body);
  }

  async #send(body: string | null): Promise<void> {
    const signal = this.timeout > 0 ? { signal: AbortSignal.timeout(this.timeout) } : {};
    try {
      const answer = await fetch(this.#url, { method: this.#method, headers: this.#headers, body, ...signal });
      this.responseText = await answer.text();
      this.status = answer.status;
      this.statusText = answer.statusText;
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') return this.ontimeout();
    }
    this.readyState = 4;
    this.onreadystatechange();
  }
}
