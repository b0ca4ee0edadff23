import { Param, type PipeTransform } from '@nestjs/common';
import { invalidInput } from '../common/errors.js';
import { isId } from '../common/ids.js';

class IdPipe implements PipeTransform<string, string> {
  constructor(private readonly name: string) {}

  transform(value: string): string {
    if (!isId(value)) throw invalidInput([{ pointer: this.name, message: `${this.name} must be a UUID` }]);
    return value.toLowerCase();
  }
}

/** A UUID in the path, `id` unless named otherwise. */
export const IdParam = (name = 'id'): ParameterDecorator => Param(name, new IdPipe(name));
