import { setNonce } from 'get-nonce';

/** The nonce of the answer that brought this page; the styles that Mantine and its scroll lock add carry it. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

setNonce(styleNonce);
