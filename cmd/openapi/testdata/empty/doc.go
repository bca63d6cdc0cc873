// Package empty has no operation.
//
//	@title	Empty
//	@version	1
package empty
