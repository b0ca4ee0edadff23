import { Matches } from 'class-validator';

/** An amount of money. The amount is a decimal string, so that no float ever touches it. */
export class MoneyDto {
  /** Up to 13 digits and at most two decimals. @example "1234.50" */
  @Matches(/^\d{1,13}(\.\d{1,2})?$/, {
    message: 'amount must be a decimal string such as "1234.50", without sign or separators',
  })
  amount: string;

  /** ISO 4217 code. @example "CNY" */
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be an ISO 4217 code such as "CNY"' })
  currency: string;
}

/** The amount in hundredths. */
export function hundredths({ amount }: MoneyDto): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, '0'));
}

/** The money of so many hundredths; a negative one keeps its sign. */
export function fromHundredths(value: bigint, currency: string): MoneyDto {
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
  return { amount: `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`, currency };
}

/** The sum by currency, in the order in which the currencies appear. */
export function sumMoney(amounts: readonly MoneyDto[]): MoneyDto[] {
  const totals = new Map<string, bigint>();
  for (const money of amounts) {
    totals.set(money.currency, (totals.get(money.currency) ?? 0n) + hundredths(money));
  }
  return [...totals].map(([currency, total]) => fromHundredths(total, currency));
}
