/**
 * The policy of the page wants Trusted Types where a text could become markup. React and Mantine set the text of style
 * elements that way, which holds no markup; anything with an opening angle bracket, and every script, is refused.
 */
interface PolicyFactory {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): unknown;
}

const { trustedTypes } = window as { trustedTypes?: PolicyFactory };
trustedTypes?.createPolicy('default', {
  createHTML: (text) => {
    if (text.includes('<')) throw new TypeError('Markup from a text is not allowed here');
    return text;
  },
});

export {};
