// Command openapi writes openapi.yaml, the OpenAPI 3.1 description of the API, and the same bytes to api/openapi.yaml,
// which package api embeds. It is the only importer of swag, and it must not import the packages it describes.
//
// The description is made from the comments and types of api, pkg/barometer and pkg/score, and from api/overlay.yaml
// for what they cannot say. These conventions go beyond swag's own annotations:
//
//   - The prose of a handler's comment, before its first annotation, is the operation's description; the comment of a
//     type or field is the description of its schema.
//   - A field without omitempty or omitzero is required, and a pointer among them may be null. A slice that may be null
//     has extensions:"x-nullable"; a pointer that is never nil has extensions:"!x-nullable"; a field that is not always
//     written, such as one of an embedded pointer, has validate:"optional".
//   - In the body of a request a member that is not required may be null as well, and the body of a PATCH, a merge patch,
//     requires nothing.
//   - Constants of a named string type are the values of its schema; constants of a number type are not. In an answer
//     they are an open list (x-extensible-enum), in what a caller sends an enum.
//   - The tags of a field are example, default, enums, format, pattern, minimum, maximum, minLength, maxLength,
//     minItems and maxItems; on a slice the last two count its items and the others hold for each of them.
//   - A struct in an @Param line is a set of query parameters: tag query, embedded structs included, none of them
//     required. A list is separated by commas. What is required has an @Param line of its own, of a plain type.
//   - @Produce lists the media types of a success. A failure is always application/problem+json, and the default one
//     stands for 4XX too.
package main
