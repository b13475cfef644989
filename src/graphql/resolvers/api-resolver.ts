import { applyDecorators, UseFilters, UsePipes, type Type } from '@nestjs/common';
import { Resolver } from '@nestjs/graphql';
import { HandOnFilter } from '../errors/hand-on.filter.ts';
import { InputPipe } from '../errors/input-pipe.ts';

/** A resolver whose inputs are checked and whose errors reach the mapper as they are. */
export const ApiResolver = (of?: () => Type<unknown>): ClassDecorator =>
  applyDecorators(
    of === undefined ? Resolver() : Resolver(of),
    UsePipes(InputPipe),
    UseFilters(HandOnFilter),
  );
